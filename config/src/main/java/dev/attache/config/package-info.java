/**
 * The compiler's front door: what every step of turning Envoy API messages into specs returns
 * ({@link dev.attache.config.Compiled}) and says ({@link dev.attache.config.Diagnostic}).
 *
 * <p>Packages below: {@code load} reads files into messages, {@code validate} enforces constraints,
 * {@code support} knows which fields are honoured, {@code extension} finds factories by type URL;
 * one package per resource compiles that resource. Everything here runs on the configuration
 * thread.
 */
@NullMarked
package dev.attache.config;

import org.jspecify.annotations.NullMarked;
