package dev.attache.iptables.command;

import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.Flag;
import dev.attache.iptables.capture.FlagValues;
import dev.attache.iptables.log.Log;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Where log lines of a run go, as the logging flags ask. Closes a file it opened. */
final class LogTarget implements AutoCloseable {
    private final PrintStream stream;
    private final boolean file;
    private final Log log;

    private LogTarget(PrintStream stream, boolean file, Log log) {
        this.stream = stream;
        this.file = file;
        this.log = log;
    }

    static LogTarget open(FlagValues flags, PrintStream out, PrintStream err) throws BadInput {
        Log.Level level = Log.level(flags.text(Flag.LOG_OUTPUT_LEVEL));
        boolean json = flags.isOn(Flag.LOG_AS_JSON);
        String target = flags.text(Flag.LOG_TARGET);
        return switch (target) {
            case "", "stdout" -> new LogTarget(out, false, new Log(out, err, level, json));
            case "stderr" -> new LogTarget(err, false, new Log(err, err, level, json));
            default -> {
                try {
                    PrintStream opened =
                            new PrintStream(
                                    new FileOutputStream(target, true),
                                    true,
                                    StandardCharsets.UTF_8);
                    yield new LogTarget(opened, true, new Log(opened, err, level, json));
                } catch (FileNotFoundException e) {
                    throw BadInput.value(
                            "--log_target",
                            target,
                            "cannot be written",
                            "give stdout, stderr or a file in an existing directory");
                }
            }
        };
    }

    Log log() {
        return log;
    }

    @Override
    public void close() {
        stream.flush();
        if (file) {
            stream.close();
        }
    }
}
