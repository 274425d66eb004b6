package dev.attache.server.admin.web;

/** WCAG 2.2's contrast ratio of two colours of a page's style sheet. */
final class Contrast {

    private Contrast() {}

    /**
     * From 1 to 21.
     *
     * @param colour a variable of the style sheet
     * @param ground another
     */
    static double of(Browser browser, String colour, String ground) {
        double one = luminance(browser, colour);
        double other = luminance(browser, ground);
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    }

    private static double luminance(Browser browser, String variable) {
        String hex =
                String.valueOf(
                        browser.run(
                                "getComputedStyle(document.documentElement).getPropertyValue('"
                                        + variable
                                        + "').trim()"));
        String full = hex.length() == 4 ? hex.replaceAll("[0-9a-f]", "$0$0") : hex;
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double part = Integer.parseInt(full.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum +=
                    weights[i]
                            * (part <= 0.04045
                                    ? part / 12.92
                                    : Math.pow((part + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}
