"""Workers that run already, such as those of staging: asked what they serve, and sent what contracts say."""
