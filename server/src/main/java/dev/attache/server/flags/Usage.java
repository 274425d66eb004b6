package dev.attache.server.flags;

/**
 * The usage texts, laid out as TCLAP lays them out: 75 columns, wrapped at spaces, commas and bars.
 */
final class Usage {

    private static final int WIDTH = 75;

    private static final String EXIT_CODES =
            "Exit codes: 0 ended as asked (SIGTERM, SIGINT, /quitquitquit); 1 the command line or"
                    + " the configuration is refused; 3 the heap is exhausted; 70 a thread ended"
                    + " that the process cannot do without; 134 ended by the watchdog; 143 and 130"
                    + " SIGTERM or SIGINT that could not be followed in order within 5 s, or came"
                    + " a second time.";

    private Usage() {}

    /** {@code --help}. */
    static String full(String program) {
        StringBuilder text = new StringBuilder("\nUSAGE: \n\n");
        brief(text, program);
        text.append("\n\nWhere: \n\n");
        for (Flag flag : Flag.values()) {
            wrap(text, flag.fullName(), 3, 3);
            wrap(text, flag.description(), 5, 0);
            text.append('\n');
        }
        text.append('\n');
        wrap(text, "attache", 3, 0);
        text.append('\n');
        wrap(text, EXIT_CODES, 3, 0);
        return text.append('\n').toString();
    }

    /** What standard error shows on a bad command line. */
    static String failure(String program, String argument, String problem) {
        String named = "Argument: " + argument;
        StringBuilder text = new StringBuilder("PARSE ERROR: ").append(named);
        text.append("\n             ").append(problem).append("\n\nBrief USAGE: \n");
        brief(text, program);
        text.append("\nFor complete USAGE and HELP type: \n   ").append(program);
        text.append(" --help\n\n").append(argument).append(" -- ").append(problem).append('\n');
        return text.toString();
    }

    private static void brief(StringBuilder text, String program) {
        StringBuilder line = new StringBuilder(program).append(' ');
        for (Flag flag : Flag.values()) {
            line.append(' ').append(flag.briefName());
        }
        wrap(text, line.toString(), 3, Math.min(program.length() + 2, WIDTH / 2));
    }

    private static void wrap(StringBuilder out, String text, int firstIndent, int moreIndent) {
        int indent = firstIndent;
        int start = 0;
        while (start < text.length()) {
            int end = lineEnd(text, start, WIDTH - indent);
            out.repeat(' ', indent).append(text.substring(start, end).stripTrailing()).append('\n');
            start = end;
            while (start < text.length() && text.charAt(start) == ' ') {
                start++;
            }
            indent = firstIndent + moreIndent;
        }
    }

    private static int lineEnd(String text, int start, int room) {
        int newline = text.indexOf('\n', start);
        int limit = Math.min(text.length(), start + room);
        if (newline >= 0 && newline < limit) {
            return newline + 1;
        }
        if (limit == text.length()) {
            return limit;
        }
        for (int end = limit; end > start; end--) {
            if (" ,|".indexOf(text.charAt(end)) >= 0) {
                return end;
            }
        }
        return limit;
    }
}
