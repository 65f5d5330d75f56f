// SPDX-License-Identifier: Apache-2.0
//
// For a process that a signal ends in the middle of its work.
#pragma once

namespace actbench::reports {

/// Removes the folders that were made for results which are not there yet, as Place's destructor would; one that has
/// something in it stays. Safe in a handler of signals.
void remove_made_folders() noexcept;

}  // namespace actbench::reports
