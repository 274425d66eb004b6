package dev.attache.agent.command;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The flags of the log, which every command has.
 *
 * @param json whether lines are JSON: the agent's, and the proxy's
 * @param targets where the agent's lines go: {@code stdout}, {@code stderr}, files
 * @param levels the least level of scopes, in the order of the flag; {@code all} is every scope
 * @param callers scopes whose lines say where they come from
 */
public record LogFlags(
        boolean json, List<String> targets, Map<String, String> levels, List<String> callers) {

    private static final List<String> LEVELS =
            List.of("debug", "info", "warn", "error", "fatal", "none");

    public LogFlags {
        targets = List.copyOf(targets);
        levels = Collections.unmodifiableMap(new LinkedHashMap<>(levels));
        callers = List.copyOf(callers);
    }

    static Map<String, Flags.Kind> known() {
        Map<String, Flags.Kind> known = new HashMap<>();
        known.put("log_as_json", Flags.Kind.TRUTH);
        for (String name :
                List.of(
                        "log_caller",
                        "log_output_level",
                        "log_stacktrace_level",
                        "log_target",
                        "vklog")) {
            known.put(name, Flags.Kind.TEXT);
        }
        return known;
    }

    static LogFlags of(Flags flags) throws UsageException {
        Map<String, String> levels = new LinkedHashMap<>();
        String stated = flags.text("log_output_level", "");
        for (String part : stated.isEmpty() ? new String[0] : stated.split(",", -1)) {
            String[] words = part.split(":", -1);
            if (words.length > 2) {
                throw new UsageException("invalid output level format '" + part + "'");
            }
            String level = words[words.length - 1];
            if (!LEVELS.contains(level)) {
                throw new UsageException("invalid output level '" + level + "'");
            }
            // What is said last counts, also where it is said again.
            String scope = words.length == 2 ? words[0] : "default";
            levels.remove(scope);
            levels.put(scope, level);
        }
        List<String> targets = flags.texts("log_target");
        return new LogFlags(
                flags.truth("log_as_json", false),
                targets.isEmpty() ? List.of("stdout") : targets,
                levels,
                List.of(flags.text("log_caller", "").split(",")));
    }
}
