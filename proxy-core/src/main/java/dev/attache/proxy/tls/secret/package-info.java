/**
 * What a handshake is given: secrets as they stand at a moment ({@link
 * dev.attache.proxy.tls.secret.TlsSecret}) and where they come from, the identities and trust that
 * they parse to, and the parameters of a context. Immutable, but for {@link
 * dev.attache.proxy.tls.secret.SecretRef}, which follows rotation.
 */
@NullMarked
package dev.attache.proxy.tls.secret;

import org.jspecify.annotations.NullMarked;
