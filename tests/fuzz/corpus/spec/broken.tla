---- MODULE M ----
(* a (* nested *) comment
x == "no end
====