/** The C library's functions that the JDK has no class for. */
@NullMarked
package dev.attache.agent.libc;

import org.jspecify.annotations.NullMarked;
