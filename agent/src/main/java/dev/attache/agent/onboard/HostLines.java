package dev.attache.agent.onboard;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The lines of a file of hosts (hosts(5)) without comments. Stateless. */
final class HostLines {

    private HostLines() {}

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming the line that is none
     */
    static List<String> read(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String each : Files.readAllLines(file)) {
            String line = each.replaceFirst("#.*", "").strip();
            if (!line.isEmpty()) {
                judge(file, line);
                lines.add(line);
            }
        }
        return lines;
    }

    private static void judge(Path file, String line) {
        String[] words = line.split("\\s+");
        String what = file + ": \"" + line + "\" is no line of a file of hosts: ";
        if (words.length < 2) {
            throw new IllegalArgumentException(what + "an address, then its names");
        }
        try {
            InetAddress known = InetAddress.ofLiteral(words[0]);
            if (known.isAnyLocalAddress()) {
                throw new IllegalArgumentException("it is of no machine");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + e.getMessage(), e);
        }
    }
}
