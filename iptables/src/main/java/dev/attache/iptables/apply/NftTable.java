package dev.attache.iptables.apply;

import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.NftReader;
import dev.attache.iptables.model.ReadRule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An inet table as {@code nft list} prints it. Immutable.
 *
 * @param name the table
 * @param chains rules by chain, in order; a chain without rules is there too
 */
public record NftTable(String name, Map<String, List<ReadRule>> chains) {
    /** Asks the kernel; null if there is no such table or no nft to ask. */
    public static @Nullable NftTable list(Programs programs, String table, Names names) {
        try {
            Programs.Answer answer =
                    programs.run(
                            List.of("nft", "--stateless", "list", "table", "inet", table),
                            "",
                            Map.of());
            return answer.ok() ? parse(table, answer.out(), names) : null;
        } catch (IOException e) {
            return null; // no nft, hence no tables of ours
        }
    }

    static NftTable parse(String table, String text, Names names) {
        Map<String, List<ReadRule>> chains = new LinkedHashMap<>();
        String chain = "";
        for (String raw : text.split("\n", -1)) {
            String line = raw.strip();
            if (line.startsWith("chain ")) {
                chain = line.substring(6, line.length() - 1).strip();
                chains.put(chain, new ArrayList<>());
            } else if (line.equals("}")) {
                chain = "";
            } else if (!chain.isEmpty() && !line.isEmpty() && !line.startsWith("type ")) {
                chains.computeIfAbsent(chain, any -> new ArrayList<>())
                        .add(NftReader.read(table, chain, line, names));
            }
        }
        return new NftTable(table, chains);
    }
}
