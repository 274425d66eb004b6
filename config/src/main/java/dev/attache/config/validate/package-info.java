/**
 * One walk over a message's bytes by the table of the API: constraints in Envoy's words (the {@code
 * validate.rules} of protoc-gen-validate), deprecated fields and values, fields that nobody knows,
 * and what is set but not supported. What is checked of a type is worked out once, on first use.
 */
@NullMarked
package dev.attache.config.validate;

import org.jspecify.annotations.NullMarked;
