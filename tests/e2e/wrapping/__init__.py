# SPDX-License-Identifier: Apache-2.0
"""What wraps a text, made by real tools, and ways to send it: shared by the end-to-end tests of content/."""
