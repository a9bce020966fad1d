"""What a server runs."""

from crmadmin.app import create_app

app = create_app()
