/**
 * Reading and checking X.509 material: PEM, the DER around it, and chains. Knows nothing of
 * connections or configuration.
 */
@NullMarked
package dev.attache.proxy.tls.x509;

import org.jspecify.annotations.NullMarked;
