// SPDX-License-Identifier: Apache-2.0
// The command `gander`.

int main() { return 2; }
