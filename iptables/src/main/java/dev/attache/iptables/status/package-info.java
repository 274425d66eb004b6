/** What is installed: by whom, when, with which flags, and how it differs from what they ask. */
@NullMarked
package dev.attache.iptables.status;

import org.jspecify.annotations.NullMarked;
