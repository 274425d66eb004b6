/**
 * The pages that show what is configured: {@code /config_dump}, {@code /clusters}, {@code /certs}
 * and {@code /runtime}, of a {@link dev.attache.server.admin.dump.ConfigSnapshot} and in Envoy's
 * messages.
 */
@NullMarked
package dev.attache.server.admin.dump;

import org.jspecify.annotations.NullMarked;
