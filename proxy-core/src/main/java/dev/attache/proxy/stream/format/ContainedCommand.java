package dev.attache.proxy.stream.format;

import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import org.jspecify.annotations.Nullable;

/**
 * A command of a formatter extension: where it throws, its value is missing, and the process log
 * says so. Any thread.
 *
 * @param name as in {@code %NAME%}
 */
record ContainedCommand(String name, FormatCommand command) implements FormatCommand {

    private static final FaultLog FAULTS = new FaultLog("misc");

    @Override
    public @Nullable String text(FormatContext context) {
        try {
            return command.text(context);
        } catch (Throwable e) {
            return missing(e);
        }
    }

    @Override
    public boolean appendJson(StringBuilder out, FormatContext context) {
        int before = out.length();
        try {
            return command.appendJson(out, context);
        } catch (Throwable e) {
            missing(e);
            out.setLength(before);
            return false;
        }
    }

    private @Nullable String missing(Throwable why) {
        Faults.contain(why);
        FAULTS.error("format command %" + name + "% threw; its value is missing", why);
        return null;
    }
}
