// What the world shows the witness of the log: the disk, the owner's rows, and how far the owner is.
#pragma once

#include <cstdint>
#include <vector>

#include "impl/machines/wal/operation.h"
#include "impl/node/event_writer.h"
#include "impl/store/transaction.h"

namespace kelpie::node {

// The log as it lies in the node's files.
struct LogOnDisk {
  std::vector<machines::Operation> whole;  // as a reader sees them, up to the first that is not whole
  bool is_torn = false;                    // behind them stands something that is no record
  std::uint64_t durable = 0;               // how many of them a power failure leaves
  bool is_stale = false;                   // a failed sync dropped pages of the last segment
};

class LogView : public TrueTime {
 public:
  [[nodiscard]] virtual LogOnDisk OnDisk() const = 0;
  // A row of the store as it stands now.
  [[nodiscard]] virtual store::Row RowAt(const store::Key& key) const = 0;
  // The owner has been sent the operation, and has not answered since.
  [[nodiscard]] virtual bool IsOwnerBusyWith(const machines::Operation& operation) const = 0;
};

}  // namespace kelpie::node
