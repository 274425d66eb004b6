/**
 * LuaJIT: the native library, loaded with the first state, and states of it, called by {@code
 * java.lang.foreign}. What scripts are given is written by those who open states. The library is
 * luajava's build; its classes are not used, since errors and yields of Lua must not cross frames
 * of Java, and here none does.
 */
@NullMarked
package dev.attache.filters.lua;

import org.jspecify.annotations.NullMarked;
