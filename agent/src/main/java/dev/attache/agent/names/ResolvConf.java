package dev.attache.agent.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the machine's resolver is told (resolv.conf(5)), as far as it matters here. Immutable.
 *
 * @param servers addresses of name servers, in order
 * @param search domains that names are tried in; the last line counts
 */
record ResolvConf(List<String> servers, List<String> search) {

    /**
     * Reads the file.
     *
     * @throws IOException if there is none
     */
    static ResolvConf read(Path file) throws IOException {
        return parse(Files.readAllLines(file));
    }

    static ResolvConf parse(List<String> lines) {
        List<String> servers = new ArrayList<>();
        List<String> search = List.of();
        for (String line : lines) {
            List<String> words = List.of(line.strip().split("\\s+"));
            switch (words.getFirst()) {
                case "nameserver" -> servers.addAll(words.subList(1, Math.min(2, words.size())));
                case "domain" -> search = words.subList(1, Math.min(2, words.size()));
                case "search" -> search = words.subList(1, words.size());
                default -> {
                    // Comments, and options that are for resolvers.
                }
            }
        }
        return new ResolvConf(List.copyOf(servers), List.copyOf(search));
    }
}
