/**
 * HTTP filters: the seam they implement and the pipeline that runs them over one stream. A pipeline
 * is a flat array walked by index, the same for every protocol.
 *
 * <p>The seam was tried on paper against ext_authz (PAUSE on headers, resume or respond later),
 * ext_proc (PAUSE, stream the body out while paused, inject what comes back), Lua and Wasm (PAUSE
 * at any point, BUFFER a body and change it before the headers leave), buffer (BUFFER), fault
 * (PAUSE until a timer) and 1xx responses (a callback of their own that cannot stop). The router is
 * a filter like any other: it answers DONE and writes into {@link
 * dev.attache.proxy.pipeline.FilterContext#response()}.
 */
@NullMarked
package dev.attache.proxy.pipeline;

import org.jspecify.annotations.NullMarked;
