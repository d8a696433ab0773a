package io.yima.demo;

/** What a newcomer reads when Yima has started in dev mode. */
final class Welcome {

  private Welcome() {}

  /** To standard output and not to the log: it shows a key, which is worth nothing elsewhere. */
  static void print(String address, String sandbox, String key) {
    System.out.println(
        """

        ────────────────────────────────────────────────────────────────────────────────
         Yima 一码 is running, with a demo provider and three merchants.

           API          %1$s/api/v1      description: %1$s/q/swagger-ui
           health       %1$s/q/health    metrics: %1$s/q/metrics
           sandbox      %2$s  (pretends to be WeChat; see /sandbox/counters)

         Try it (this key opens this trial only):

           KEY=%3$s

           curl -s -H "Authorization: Bearer $KEY" -H "Yima-Provider: %4$s" \\
             %1$s/api/v1/authorizers

           curl -s -H "Authorization: Bearer $KEY" -H "Yima-Provider: %4$s" \\
             %1$s/api/v1/authorizers/%5$s/token

           curl -s -H "Authorization: Bearer $KEY" -H "Yima-Provider: %4$s" \\
             %1$s/api/v1/authorizers/%5$s/code-applications/%6$s

           curl -s -H "Authorization: Bearer $KEY" -H "Yima-Provider: %4$s" \\
             -H "Content-Type: application/json" \\
             -d '{"code_count": 50000, "isv_application_id": "my-first-batch"}' \\
             %1$s/api/v1/authorizers/%5$s/code-applications
        ────────────────────────────────────────────────────────────────────────────────
        """
            .formatted(
                address,
                sandbox,
                key,
                DemoCast.COMPONENT_APPID,
                DemoCast.MERCHANTS.getFirst().appid(),
                DemoCast.APPLICATION));
  }
}
