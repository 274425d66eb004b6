package dev.attache.iptables.capture;

import java.util.EnumMap;
import java.util.Map;

/**
 * The value of every flag and where it came from (command line, environment variable, default).
 * Immutable once handed out by {@link FlagParser}.
 */
public final class FlagValues {
    private final EnumMap<Flag, String> values = new EnumMap<>(Flag.class);
    private final EnumMap<Flag, String> origins = new EnumMap<>(Flag.class);
    private boolean help;

    FlagValues() {}

    void set(Flag flag, String value, String origin) {
        values.put(flag, value);
        origins.put(flag, origin);
    }

    void askHelp() {
        help = true;
    }

    public boolean helpAsked() {
        return help;
    }

    /** The value as given, or the default. */
    public String text(Flag flag) {
        return values.getOrDefault(flag, flag.defaultValue);
    }

    public boolean isOn(Flag flag) {
        return GoValues.parseBool(text(flag));
    }

    /** How to call this setting in a message: the flag as typed, or the variable it came from. */
    public String name(Flag flag) {
        String origin = origins.get(flag);
        if (origin == null || origin.equals(flag.dashed())) {
            return flag.dashed();
        }
        return origin.startsWith("-")
                ? origin + " (" + flag.dashed() + ")"
                : flag.dashed() + " (from " + origin + ")";
    }

    /** True if the command line or the environment named this flag. */
    public boolean isSet(Flag flag) {
        return values.containsKey(flag);
    }

    /** The settings that were given, for the install record. */
    public Map<Flag, String> given() {
        return new EnumMap<>(values);
    }
}
