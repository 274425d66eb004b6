package dev.attache.agent.command;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The flags of the log, which every command has.
 *
 * @param json whether lines are JSON: the agent's, and the proxy's
 * @param targets where lines go besides standard output: paths of files
 * @param levels the least level of each scope; {@code default} is for all that are not named
 */
public record LogFlags(boolean json, List<String> targets, Map<String, String> levels) {

    private static final List<String> LEVELS =
            List.of("debug", "info", "warn", "error", "fatal", "none");

    public LogFlags {
        targets = List.copyOf(targets);
        levels = Map.copyOf(levels);
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
        Map<String, String> levels = new HashMap<>();
        String stated = flags.text("log_output_level", "");
        for (String part : stated.isEmpty() ? new String[0] : stated.split(",", -1)) {
            String[] words = part.split(":", -1);
            String level = words[words.length - 1].toLowerCase(Locale.ROOT);
            if (words.length > 2 || !LEVELS.contains(level)) {
                throw new UsageException("invalid output level format '" + part + "'");
            }
            levels.put(words.length == 2 ? words[0] : "default", level);
        }
        List<String> files =
                flags.texts("log_target").stream()
                        .filter(target -> !target.equals("stdout") && !target.equals("stderr"))
                        .toList();
        return new LogFlags(flags.truth("log_as_json", false), files, levels);
    }

    /** The level of the agent's own lines. */
    public String level() {
        return levels.getOrDefault("all", levels.getOrDefault("default", "info"));
    }
}
