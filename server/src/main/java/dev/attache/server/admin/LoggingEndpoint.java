package dev.attache.server.admin;

import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.log.LogLevel;
import dev.attache.server.log.Logging;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code POST /logging}: shows the levels, or changes all, some or one of them. */
final class LoggingEndpoint {

    private static final String USAGE =
            """
            usage: /logging?<name>=<level> (change single level)
            usage: /logging?paths=name1:level1,name2:level2,... (change multiple levels)
            usage: /logging?level=<level> (change all levels)
            usage: /logging?group=<group_name>:<level> (change group of loggers)
            levels: trace debug info warning error critical off\s
            """;

    private LoggingEndpoint() {}

    static AdminResponse handle(AdminRequest request) {
        String error = change(request);
        if (error != null) {
            return AdminResponse.text(400, "error: " + error + "\n\n" + USAGE + levels());
        }
        return AdminResponse.text(levels());
    }

    private static String levels() {
        StringBuilder out = new StringBuilder("active loggers:\n");
        Logging.levels()
                .forEach((name, level) ->
                        out.append("  ")
                                .append(name)
                                .append(": ")
                                .append(level.text())
                                .append('\n'));
        return out.append('\n').toString();
    }

    private static @org.jspecify.annotations.Nullable String change(AdminRequest request) {
        if (request.query().isEmpty()) {
            return null;
        }
        if (request.query().size() > 1) {
            return "invalid number of parameters";
        }
        Map.Entry<String, String> only = request.query().entrySet().iterator().next();
        String key = only.getKey();
        String value = only.getValue();
        Map<String, String> wanted = new LinkedHashMap<>();
        if (value.isEmpty()) {
            return null;
        }
        switch (key) {
            case "level" -> {
                LogLevel level = LogLevel.byName(value);
                if (level == null) {
                    return "unknown logger level";
                }
                Logging.setLevel(level);
                return null;
            }
            case "group" -> {
                return "group parameter requires fine-grain logging to be enabled";
            }
            case "paths" -> {
                for (String pair : value.split(",")) {
                    int colon = pair.lastIndexOf(':');
                    if (colon <= 0 || colon == pair.length() - 1) {
                        return "empty logger name or empty logger level";
                    }
                    wanted.put(pair.substring(0, colon), pair.substring(colon + 1));
                }
            }
            default -> wanted.put(key, value);
        }
        return apply(wanted);
    }

    /** All or nothing: every name and level is checked before one is changed. */
    private static @org.jspecify.annotations.Nullable String apply(Map<String, String> wanted) {
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            if (LogLevel.byName(entry.getValue()) == null) {
                return "unknown logger level";
            }
            if (!Logging.levels().containsKey(entry.getKey())) {
                return "unknown logger name";
            }
        }
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            LogLevel level = LogLevel.byName(entry.getValue());
            if (level != null) {
                Logging.setLevel(entry.getKey(), level);
            }
        }
        return null;
    }
}
