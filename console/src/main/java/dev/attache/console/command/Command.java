package dev.attache.console.command;

import java.io.IOException;
import java.util.List;

/**
 * A command of the console.
 *
 * @param name as it is called
 * @param words what its help shows behind the flags, empty for none
 * @param summary one line of help
 * @param help what else its help says, ending with a line end; empty for nothing
 * @param flags that it takes, beside {@code --help}
 * @param body what it does
 */
public record Command(
        String name, String words, String summary, String help, List<FlagSpec> flags, Body body) {

    private static final FlagSpec HELP = FlagSpec.onOff("help", "prints this text").letter('h');

    /** What a command does. */
    @FunctionalInterface
    public interface Body {
        /**
         * Runs it.
         *
         * @return what to exit with, see {@link ExitCode}
         * @throws UsageException where values cannot be read
         * @throws IOException where what is asked does not answer, or refuses; the message is for
         *     people
         */
        int run(Flags flags, Invocation invocation) throws UsageException, IOException;
    }

    public Command {
        flags = List.copyOf(flags);
    }

    /** Reads the command line behind the name, and runs. */
    public int run(List<String> arguments, Invocation invocation)
            throws UsageException, IOException {
        List<FlagSpec> known = new java.util.ArrayList<>(flags);
        known.add(HELP);
        Flags read = Flags.parse(arguments, known);
        if (read.has("help")) {
            invocation.out().print(usage(known));
            return ExitCode.DONE;
        }
        if (words.isEmpty() && !read.words().isEmpty()) {
            throw new UsageException("\"" + read.words().getFirst() + "\" is not understood");
        }
        return body.run(read, invocation);
    }

    private String usage(List<FlagSpec> known) {
        StringBuilder text = new StringBuilder("Usage: attache ").append(name).append(" [flags]");
        text.append(words.isEmpty() ? "" : " " + words).append("\n\n");
        text.append(summary).append("\n\n");
        if (!help.isEmpty()) {
            text.append(help).append('\n');
        }
        text.append("Flags:\n");
        int width = known.stream().mapToInt(flag -> flag.shown().length()).max().orElse(0);
        for (FlagSpec flag : known) {
            String[] lines = flag.help().split("\n", -1);
            text.append("  ").append(flag.shown());
            text.repeat(' ', width - flag.shown().length() + 2).append(lines[0]).append('\n');
            for (int i = 1; i < lines.length; i++) {
                text.repeat(' ', width + 4).append(lines[i]).append('\n');
            }
        }
        return text.append('\n').append(ExitCode.HELP).toString();
    }
}
