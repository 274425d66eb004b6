package dev.attache.iptables.rules;

import java.util.List;
import java.util.Map;

/** Plays the calls of an nftables builder case and dumps the state that results. */
final class NftBuilderCase {
    private static final String TABLE = "inet-table";
    private static final String CHAIN = "test-chain";

    private NftBuilderCase() {}

    static String dump(List<Map<String, Object>> calls) {
        NftRules rules = new NftRules(true);
        for (Map<String, Object> call : calls) {
            String text = String.join(" ", GoldenFilesTest.<String>list(call, "params"));
            if (call.get("op").equals("insert")) {
                rules.insert(TABLE, CHAIN, (Integer) call.get("position"), text);
            } else {
                rules.append(TABLE, CHAIN, text);
            }
        }
        StringBuilder dump =
                new StringBuilder("add table inet " + TABLE + "\n")
                        .append("add chain inet " + TABLE + " " + CHAIN + "\n");
        for (NftRule rule : rules.ordered(TABLE, CHAIN)) {
            dump.append(rule.line(-1)).append('\n');
        }
        return dump.toString();
    }
}
