/**
 * Expressions in the Common Expression Language over Envoy's attributes, as Envoy evaluates them:
 * unchecked, without comprehensions, an error being no match and no text. Shared by all rooms that
 * take expressions.
 *
 * <p>{@code CelExpressionFactory} compiles: text goes through {@code syntax}, an AST of the wire
 * through {@code ExpressionWire}, both to the same tree; {@code plan} resolves names, functions and
 * attributes and folds what is constant. What comes out holds no message and looks attributes up
 * when they are asked for ({@code attribute}). Text is octets throughout, as headers are.
 *
 * <p>Our own rather than dev.cel's: see docs/dependencies.md.
 */
@NullMarked
package dev.attache.filters.cel;

import org.jspecify.annotations.NullMarked;
