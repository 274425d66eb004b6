package dev.attache.console.command;

/**
 * A flag that a command takes.
 *
 * @param name without the dashes
 * @param letter its short form, or NUL for none
 * @param value what stands for its value in the help, empty for a switch
 * @param help one line, or several
 */
public record FlagSpec(String name, char letter, String value, String help) {

    public static FlagSpec text(String name, String value, String help) {
        return new FlagSpec(name, '\0', value, help);
    }

    public static FlagSpec onOff(String name, String help) {
        return new FlagSpec(name, '\0', "", help);
    }

    public FlagSpec letter(char letter) {
        return new FlagSpec(name, letter, value, help);
    }

    boolean isSwitch() {
        return value.isEmpty();
    }

    /** As the help names it. */
    String shown() {
        String both = letter == '\0' ? "    --" + name : "-" + letter + ", --" + name;
        return isSwitch() ? both : both + " " + value;
    }
}
