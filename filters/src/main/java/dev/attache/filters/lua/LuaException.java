package dev.attache.filters.lua;

/** A script failed; the message is Lua's, characters are bytes. */
public final class LuaException extends Exception {
    private static final long serialVersionUID = 1L;

    public LuaException(String message) {
        super(message, null, false, false);
    }
}
