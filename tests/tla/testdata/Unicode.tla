---- MODULE Unicode ----
(* The same language in the wide spelling: ∀, ∃, → are one column each. *)
EXTENDS Naturals, Sequences
CONSTANTS S, T, s
VARIABLE x
Sets ≜ ⟨S ∪ T, S ∩ T, S ⊆ T, S × T, 1 ∈ S, 2 ∉ T⟩
Logic ≜ ∧ ∀ n ∈ S : ∃ m ∈ T : n ≤ m ∧ m ≥ n
        ∧ ¬(1 ≠ 2) ⇒ (TRUE ⇔ TRUE)
        ∧ ∨ 1 = 1
          ∨ 2 = 2
Functions ≜ ⟨[n ∈ S ↦ n], [S → T], s ∘ s⟩
Step ≜ x′ = x + 1
Spec ≜ x = 0 ∧ □[Step]_x ∧ (x = 1 ↝ x = 2) ∧ ◇⟨Step⟩_x
====
