/** What an expression costs beside the matcher that asks the same. */
@NullMarked
package dev.attache.bench.expression;

import org.jspecify.annotations.NullMarked;
