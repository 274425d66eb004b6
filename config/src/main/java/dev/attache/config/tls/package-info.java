/** Compiles {@code CommonTlsContext}: what both sides of TLS share. */
@NullMarked
package dev.attache.config.tls;

import org.jspecify.annotations.NullMarked;
