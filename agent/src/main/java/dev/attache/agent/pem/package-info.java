/** Certificates and keys as text (RFC 7468). */
@NullMarked
package dev.attache.agent.pem;

import org.jspecify.annotations.NullMarked;
