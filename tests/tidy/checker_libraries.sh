#!/bin/sh
# checker_libraries.sh PROGRAM: fails when the program loads gRPC or RocksDB, which would cost more than its work.
libraries=$(ldd "$1") || exit 1
# An empty answer would prove nothing.
echo "$libraries" | grep -q 'libc\.so' || { echo "ldd names no libc for $1"; exit 1; }
if echo "$libraries" | grep -iE 'grpc|rocksdb'; then
  echo "$1 must not load these"
  exit 1
fi
