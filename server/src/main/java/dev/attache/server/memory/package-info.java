/** What the process may hold in memory for peers, and that it gives back what it does not need. */
@NullMarked
package dev.attache.server.memory;

import org.jspecify.annotations.NullMarked;
