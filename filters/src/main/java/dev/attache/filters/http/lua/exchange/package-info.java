/**
 * What passes between a script and the proxy: questions, and the values in which they are asked and
 * answered (bodies, tables of headers, metadata, keys, lines of the log). Nothing here knows a run.
 */
@NullMarked
package dev.attache.filters.http.lua.exchange;

import org.jspecify.annotations.NullMarked;
