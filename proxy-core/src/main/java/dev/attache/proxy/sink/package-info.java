/**
 * Where statistics go by themselves: at each flush, a picture of those in use is taken and shown to
 * every sink, on a thread that serves nothing else. Facts: {@code source/server/server.cc}
 * (flushStats), {@code source/extensions/stat_sinks/}.
 */
@NullMarked
package dev.attache.proxy.sink;

import org.jspecify.annotations.NullMarked;
