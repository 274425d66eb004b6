/**
 * Access logs: what is written, when, and where to. Entries are formatted on the worker and written
 * by one thread of their own, so that a slow disk holds up no request.
 */
@NullMarked
package dev.attache.proxy.accesslog;

import org.jspecify.annotations.NullMarked;
