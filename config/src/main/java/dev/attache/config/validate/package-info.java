/**
 * Enforces the {@code validate.rules} annotations of the Envoy API (protoc-gen-validate) on
 * messages, with the texts that Envoy prints. Rules are read from the descriptors once per message
 * type.
 */
@NullMarked
package dev.attache.config.validate;

import org.jspecify.annotations.NullMarked;
