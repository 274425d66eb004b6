package dev.attache.filters.http.author.stream;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The process log's component {@code filter}, each line with the filter's name. Any thread. */
final class AuthorLog implements System.Logger {
    private static final Logger FILTER = LoggerFactory.getLogger("filter");

    private final String name;

    AuthorLog(String name) {
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    private static org.slf4j.event.@Nullable Level slf4j(Level level) {
        return switch (level) {
            case OFF -> null;
            case ALL, TRACE -> org.slf4j.event.Level.TRACE;
            case DEBUG -> org.slf4j.event.Level.DEBUG;
            case INFO -> org.slf4j.event.Level.INFO;
            case WARNING -> org.slf4j.event.Level.WARN;
            case ERROR -> org.slf4j.event.Level.ERROR;
        };
    }

    @Override
    public boolean isLoggable(Level level) {
        org.slf4j.event.Level own = slf4j(level);
        return own != null && FILTER.isEnabledForLevel(own);
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String text,
            @Nullable Throwable thrown) {
        org.slf4j.event.Level own = slf4j(level);
        if (own != null && FILTER.isEnabledForLevel(own)) {
            FILTER.atLevel(own).setCause(thrown).log("[{}] {}", name, found(bundle, text));
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object... values) {
        if (isLoggable(level)) {
            String text = found(bundle, format);
            boolean plain = values == null || values.length == 0;
            log(level, null, plain ? text : MessageFormat.format(text, values), (Throwable) null);
        }
    }

    private static String found(@Nullable ResourceBundle bundle, @Nullable String text) {
        if (text == null) {
            return "";
        }
        try {
            return bundle == null ? text : bundle.getString(text);
        } catch (MissingResourceException e) {
            return text;
        }
    }
}
