/**
 * Scripts in Lua on the way of requests and responses, {@code
 * envoy.extensions.filters.http.lua.v3.Lua}, with {@code LuaPerRoute} (Envoy's page: "Lua").
 * Status: complete; what differs is in docs/compatibility.md.
 *
 * <p>A {@code LuaScript} is code with what its state is opened with, a {@code ScriptState} one
 * worker's state of it. A {@code ScriptRun} is a script's function on one direction of a stream: a
 * coroutine, and what the pipeline holds meanwhile. {@code handle.lua} is what scripts see, with
 * the checks of arguments; what it asks of the proxy is a {@code Question}, answered by the classes
 * named Answers.
 */
@NullMarked
package dev.attache.filters.http.lua;

import org.jspecify.annotations.NullMarked;
