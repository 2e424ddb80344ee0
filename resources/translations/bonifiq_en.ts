<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="pt_BR">
<context>
    <name>CancelDialog</name>
    <message>
        <source>Cancelar o pedido {0} inteiro?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0}  ·  valor que ainda resta: {1}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Todos os pontos e o cashback dados por este pedido são estornados. O dinheiro volta na maquininha ou no caixa, não por aqui.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelar o pedido {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryDetail</name>
    <message>
        <source>Pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protocolo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registrado em</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Encerrado em</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Situação: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enviado; o BonifiQ confirmou.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enviado; o BonifiQ recusou.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Não saiu deste PC.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enviado; sem resposta clara.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Envio começado.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Quando</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O quê</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Situação</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HistoryScreen</name>
    <message>
        <source>Número do pedido ou protocolo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Procurar no histórico</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Salvar planilha</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registros</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Detalhes do registro</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desistir (ainda não enviado)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histórico deste caixa</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nada encontrado.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nada registrado ainda neste caixa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Salvar o histórico</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Planilha (*.csv)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Planilha salva com %n registro(s).</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LookupPage</name>
    <message>
        <source>Digite ou leia o número do pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Número do pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Consultar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leia o código do cupom ou digite o número e aperte Enter.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedidos para experimentar:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Consultando o BonifiQ…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Atenção: você procurou {0} e o BonifiQ respondeu com o pedido {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nada mudou: foi só uma consulta.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare com o cupom antes de qualquer devolução.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este pedido tem um registro em andamento: {0}, {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Até terminar, não dá para fazer outra devolução nele.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O programa continua sozinho; acompanhe no Histórico (F4).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Não há mais nada a devolver neste pedido.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>BonifiQ Desktop — TREINAMENTO</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Consultar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nova venda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Histórico</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ajustes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>TREINAMENTO: nada aqui vale. Pedidos, clientes e pontos são de mentira.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) esperam decisão</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n registro(s) a enviar</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Nada a enviar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token ou chave recusados: envio parado. Veja Ajustes (F9).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Falta configurar (F9)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pronto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ligado ao BonifiQ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sem ligação com o BonifiQ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token ou chave recusados (F9)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ não respondeu direito</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OperationDialog</name>
    <message>
        <source>Voltar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fechar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protocolo: {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OrderCard</name>
    <message>
        <source>Devolver parte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelar o pedido inteiro</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cliente pagou</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ainda pode devolver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedido {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Já devolvido por este caixa: {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>… e mais {0} no Histórico (F4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Neste caixa:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Produto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valor</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ReasonBox</name>
    <message>
        <source>Motivo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cliente devolveu o produto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Produto com defeito</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Troca</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erro no registro da venda</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RefundDialog</name>
    <message>
        <source>Devolver parte do pedido {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valor a devolver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tudo o que resta</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Você procurou {0}; este é o pedido {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Compare com o cupom antes de devolver.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Motivo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ainda pode devolver {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelar o pedido inteiro ({0})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devolver {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devolver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} passa do que ainda pode ser devolvido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devolva no máximo {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Marque os itens que voltaram ou digite o valor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O dinheiro volta na maquininha ou no caixa, não por aqui.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>É tudo o que resta: o pedido {0} será cancelado inteiro.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Estorna os pontos e o cashback de {0}. No pedido ficam {1}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RefundItems</name>
    <message>
        <source>Itens do pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item (espaço marca)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devolver</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valor a devolver de {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SaleForm</name>
    <message>
        <source>CPF ou CNPJ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nome do cliente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Telefone com DDD</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Número do pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>em branco: o caixa cria um</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forma de pagamento</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vendedor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cupom de desconto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Observação</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Situação da venda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Concluída</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pendente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cliente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>CPF ou CNPJ (opcional, para achar o cliente)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Telefone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedido</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Número</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Situação</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O que o cliente pagou</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desconto</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Total pago, sem frete</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pagamento</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Já com desconto e sem frete: é o que decide os pontos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Itens {0} − desconto {1}. O frete não entra.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SaleItems</name>
    <message>
        <source>Item: código ou nome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Código ou nome do item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valor do item</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Incluir</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Item (Del retira)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Valor</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SalePage</name>
    <message>
        <source>Registrar venda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nova venda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esta venda estava começada.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ela ainda não foi registrada.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Continue de onde parou ou apague os campos.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Guardar a chave num arquivo que só este usuário do computador pode ler</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Balcão (POS), o normal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedidos (Order)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enviar os itens junto com a devolução</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chave já usada numa repetição quer dizer que a devolução valeu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testar ligação</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Salvar ajustes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ajustes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ligação com o BonifiQ</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O token e a chave são criados no painel do BonifiQ, menu “API Keys”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Endereço</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Token</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chave</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este caixa</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nome do caixa</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Código da filial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nome da filial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Idioma</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listas, uma por linha</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Formas de pagamento</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Vendedores</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Avançado: mude só com o suporte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Código da loja (igual em todos os caixas)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Endereços de devolução</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bem-vindo! Falta ligar este caixa ao BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preencha o token e a chave, teste a ligação e salve.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Para praticar sem valer, abra o programa com a opção --training.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>guardada; digite só para trocar</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testando a ligação…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ligação certa: o BonifiQ aceitou o token e a chave.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O teste não muda nada lá.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O idioma muda quando o programa for aberto de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ajustes salvos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A chave está guardada no cofre de senhas deste computador.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A chave está num arquivo que só este usuário do computador pode ler.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este computador não tem cofre de senhas: a chave vale até fechar o programa. Marque a opção abaixo da chave para guardá-la num arquivo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O token e a chave vêm do ambiente deste computador e têm preferência.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message>
        <source>Venda</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devolução</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelamento</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aguardando envio</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Enviando</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sendo confirmada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Precisa de decisão</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirmada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recusada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desistida</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Não aconteceu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancelado</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Iniciado</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pendente</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Concluído</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ignorado</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Situação não informada</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cliente não informado</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} pontos</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{0} de cashback</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cliente sem nome</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Esta venda não gera pontos nem cashback.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source> e </source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O cliente deve ganhar {0} (estimativa do BonifiQ).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>outcomes</name>
    <message>
        <source>Desistência registrada.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fechado como não feito.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nenhum ponto ou cashback mudou por este registro.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registrado neste PC, aguardando a internet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ainda não chegou ao BonifiQ. Os pontos mudam quando chegar.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pode atender o próximo: o envio acontece sozinho. Não registre de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registrado neste PC. Enviando ao BonifiQ…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Os pontos mudam quando o BonifiQ responder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O programa repete sozinho com a mesma chave, sem devolver duas vezes. Não registre de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O programa confere sozinho no BonifiQ. Não registre de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ainda não se sabe se o BonifiQ recebeu. Sendo confirmado…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ diz que esta devolução já foi feita antes, por outro caixa ou antes de o histórico se perder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ recusou a repetição; a primeira tentativa pode ter valido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ diz que a chave desta devolução já foi usada.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O pedido no BonifiQ não combina com este registro.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ não deu resposta clara depois de muitas tentativas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uma pessoa precisa decidir: não repita a operação.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Chame o responsável. O pedido fica bloqueado até a decisão.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ já tem esta venda.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Venda registrada no BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pedido {0} cancelado no BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Devolução de {0} feita no BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Os pontos e o cashback desse valor foram estornados.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirmado pela chave: a primeira tentativa tinha valido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confirmado consultando o pedido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O dinheiro ({0}) volta na maquininha ou no caixa, não por aqui.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ recusou.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confira o pedido e o valor antes de tentar de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ disse: “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aviso do BonifiQ: “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>Nada foi registrado nem enviado.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este número de pedido não serve.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confira o número no cupom e digite de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este caixa ainda não está ligado ao BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peça ao responsável para preencher o token e a chave em Ajustes (F9).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este pedido já está cancelado por inteiro.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Não há mais nada a devolver nele.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O valor passa do que ainda pode ser devolvido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ainda pode devolver até {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A chave do BonifiQ guardada neste PC não pôde ser lida.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Digite o token e a chave de novo em Ajustes (F9).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Não foi possível gravar neste PC.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Veja se o disco está cheio ou protegido e tente de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Aconteceu algo que o programa não esperava.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O que já estava registrado continua guardado.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confira o Histórico (F4) antes de repetir e avise o suporte.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ disse: “{0}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ não encontrou este pedido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confira o número no cupom. Uma venda recente pode ainda não ter chegado lá.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nada mudou: foi só uma consulta.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sem ligação com o BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ demorou demais para responder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A ligação caiu antes da resposta.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A resposta não veio do BonifiQ ou não pôde ser lida.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A resposta falava de outro pedido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A resposta era grande demais para ser do BonifiQ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A rede desviou a chamada para outro endereço.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ não aceitou o token e a chave deste caixa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ pediu para esperar um pouco.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O BonifiQ está com problemas.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A resposta veio sem resultado.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A resposta veio de um jeito inesperado.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O programa foi fechado antes da resposta.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confira a internet e tente de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Peça ao responsável para conferir token e chave em Ajustes (F9).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Veja se a internet da loja pede login ou se o endereço em Ajustes está certo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Espere um minuto e tente de novo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este pedido tem um registro em andamento: {0}, {1}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Espere terminar; o andamento aparece no Histórico (F4).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Já existe uma venda com este número neste caixa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Confira no Histórico (F4) ou deixe o número em branco.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Este registro mudou enquanto isso.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Veja a situação atual no Histórico (F4).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O histórico foi gravado por uma versão mais nova do programa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O arquivo do histórico é de outro programa.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O arquivo do histórico está danificado.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O histórico não pôde ser gravado neste PC.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Instale a versão mais nova do BonifiQ Desktop.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O arquivo foi deixado como está. Chame o suporte antes de continuar.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Falta um CPF ou CNPJ válido, ou um e-mail, para saber de quem são os pontos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Falta o nome do cliente.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Falta o valor que o cliente pagou.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Os itens não somam o total.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O desconto é maior que os itens.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O e-mail não parece certo.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O telefone não parece certo: use DDD e número.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O item precisa de um nome e de um valor.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O endereço precisa começar com https://.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O nome do caixa usa só letras e números, até 12.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preencha o token e a chave juntos.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>O arquivo de ajustes não pôde ser lido.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Um dos campos não pode ser usado: {0}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Corrija o campo marcado e tente de novo.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
