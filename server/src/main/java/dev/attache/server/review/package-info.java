/**
 * A configuration looked at as a whole without serving it: the bootstrap and what the files hold
 * that it names, compiled by what compiles for a running proxy ({@link
 * dev.attache.server.review.Configuration}); what is wrong with it, and what of it is useless
 * ({@link dev.attache.server.review.useless}). {@code --mode validate} prints that.
 */
@NullMarked
package dev.attache.server.review;

import org.jspecify.annotations.NullMarked;
