/**
 * Access logs: what is written, when, and where to. Entries are formatted on the worker and written
 * by a thread of each file's own, so that a slow disk or a blocked pipe holds up no request and no
 * other log.
 */
@NullMarked
package dev.attache.proxy.accesslog;

import org.jspecify.annotations.NullMarked;
