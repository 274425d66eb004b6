/**
 * Envoy's watchdog: threads whose loop does not come round are counted, named with their stack, and
 * where the configuration says so end the process.
 */
@NullMarked
package dev.attache.server.watchdog;

import org.jspecify.annotations.NullMarked;
