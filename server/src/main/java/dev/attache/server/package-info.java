/** The assembled proxy. */
@NullMarked
package dev.attache.server;

import org.jspecify.annotations.NullMarked;
