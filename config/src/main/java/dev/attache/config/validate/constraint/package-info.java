/**
 * What a field's value must be ({@link dev.attache.config.validate.constraint.ValueCheck}, one
 * class for each kind of rule) and how values stand in a message's bytes. Knows nothing of
 * messages: the walk one floor up does.
 */
@NullMarked
package dev.attache.config.validate.constraint;

import org.jspecify.annotations.NullMarked;
