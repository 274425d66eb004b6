package dev.attache.iptables.apply;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Programs that answer from a table; a program that is not in it does not exist. */
final class FakePrograms implements Programs {
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    final List<String> calls = new ArrayList<>();
    final List<Map<String, String>> environments = new ArrayList<>();

    /** What a command line that starts so is answered; the longest match counts. */
    FakePrograms when(String start, int exit, String out, String err) {
        answers.put(start, new Answer(exit, out, err));
        return this;
    }

    @Override
    public Answer run(List<String> command, String input, Map<String, String> environment)
            throws IOException {
        String line = String.join(" ", command);
        calls.add(line);
        environments.add(environment);
        String best = "";
        for (String start : answers.keySet()) {
            if ((line + " ").startsWith(start + " ") && start.length() > best.length()) {
                best = start;
            }
        }
        Answer answer = answers.get(best);
        if (answer == null) {
            throw new IOException("Cannot run program \"" + command.getFirst() + "\"");
        }
        return answer;
    }
}
