package dev.attache.server.log;

import org.jspecify.annotations.Nullable;

/** Envoy's levels, from the most to the least talkative. */
public enum LogLevel {
    TRACE("trace", 'T'),
    DEBUG("debug", 'D'),
    INFO("info", 'I'),
    WARNING("warning", 'W'),
    ERROR("error", 'E'),
    CRITICAL("critical", 'C'),
    OFF("off", 'O');

    private final String text;
    private final char letter;

    LogLevel(String text, char letter) {
        this.text = text;
        this.letter = letter;
    }

    /** The level of that name ({@code warn} is {@code warning}), or null. */
    public static @Nullable LogLevel byName(String name) {
        if (name.equals("warn")) {
            return WARNING;
        }
        for (LogLevel level : values()) {
            if (level.text.equals(name)) {
                return level;
            }
        }
        return null;
    }

    public String text() {
        return text;
    }

    char letter() {
        return letter;
    }
}
