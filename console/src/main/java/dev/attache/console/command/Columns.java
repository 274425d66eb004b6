package dev.attache.console.command;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells that stand below each other. Used by one thread. */
public final class Columns {

    private static final String GAP = "  ";

    private final List<String[]> rows = new ArrayList<>();
    private final String indent;

    /**
     * @param indent in front of each row
     */
    public Columns(String indent) {
        this.indent = indent;
    }

    public void row(String... cells) {
        rows.add(cells);
    }

    /** A line on its own between the rows, which takes no part in the columns. */
    public void line(String text) {
        rows.add(new String[] {text});
    }

    /** All rows, each with a line end. */
    public String text() {
        int count = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        int[] widths = new int[count];
        for (String[] row : rows) {
            for (int i = 0; row.length > 1 && i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder out = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.length; i++) {
                line.append(row[i]);
                if (i < row.length - 1) {
                    line.repeat(' ', widths[i] - row[i].length()).append(GAP);
                }
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }
}
