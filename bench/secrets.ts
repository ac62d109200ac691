/** Secrets of the sandbox's environments: each has a LINE channel and a Telegram bot of its own, the data API key is shared. */
export function secretsOf(environment: string): Record<string, string> {
  return {
    TF_VAR_line_channel_access_token: `line-token-of-${environment}`,
    TF_VAR_line_channel_secret: `line-secret-of-${environment}`,
    TF_VAR_telegram_bot_token: `1000:telegram-token-of-${environment}`,
    TF_VAR_aurora_password: `aurora-of-${environment}`,
    TF_VAR_openrouter_api_key: 'one-openrouter-key-for-all',
  };
}
